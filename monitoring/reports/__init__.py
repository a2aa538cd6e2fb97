"""What grantees report: values with evidence, spending, a narrative."""
