"""What is measured and judged: metric poller, checks, verdicts."""
