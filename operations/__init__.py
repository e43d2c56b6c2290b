"""The core: plan, engine, AWS gateway, checks, drill and exchange; it knows no screen."""
