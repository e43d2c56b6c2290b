"""Plans and journals in other people's formats."""
