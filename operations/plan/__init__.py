"""The plan: its models, the loader, references, graph, audit and schema."""
