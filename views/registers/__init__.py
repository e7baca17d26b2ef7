"""What the bureau keeps and only reads: numbers, notices, the audit trail."""
