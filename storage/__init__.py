"""The only place that knows SQL: engine, tables, repositories and migrations. Nothing here may judge or decide."""
