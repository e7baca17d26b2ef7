"""Pages whose answer is a workbook, or about one."""
