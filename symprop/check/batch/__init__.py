"""Marking a class: rows of answers in, results, scores and a summary of mistakes out."""
