"""``python -m poytakirja`` is the command."""

from poytakirja.cli.main import main

if __name__ == "__main__":
    main()
