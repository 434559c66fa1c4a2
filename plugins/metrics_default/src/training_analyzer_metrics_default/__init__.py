"""The field's standard training metrics for Training Analyzer."""
