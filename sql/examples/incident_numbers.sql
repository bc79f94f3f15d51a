SELECT incident, shown_as FROM analyst.incident_numbers ORDER BY incident;
