"""The ground floor: database, settings, clock, money, language, mail. It knows no grant, visit or person."""
