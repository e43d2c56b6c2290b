"""What this terminal, host and account can do: looks that `cutover doctor` and the doctor's room both show."""
