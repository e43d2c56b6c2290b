"""What a console asks for and carries out: looked at first, asked, journaled, and only then handed to a runner."""
