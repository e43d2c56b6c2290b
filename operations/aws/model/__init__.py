"""The offline model of the AWS API: what calls exist, what they take, return and do. No credentials, no network."""
