"""`python -m console` is the command `cutover`."""

from console.cli import main

if __name__ == "__main__":
    main()
