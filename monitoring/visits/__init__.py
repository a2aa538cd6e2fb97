"""Monitoring visits, their photos and findings."""
