"""One function per use case: session and actor come in, one transaction goes out. The request stops above."""
