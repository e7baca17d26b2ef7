"""Statistics: a query gives plain rows, one writer makes the workbook. Reports change no record."""
