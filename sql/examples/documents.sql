SELECT incident, document, form, current FROM analyst.documents ORDER BY incident, document, form;
