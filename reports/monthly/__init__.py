"""The monthly report of registrations (登记月报): definitions, SQL aggregates, frozen figures, the workbook."""
