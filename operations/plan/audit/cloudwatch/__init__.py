"""What is known of CloudWatch: which metrics AWS publishes, and when an alarm on them can fire."""
