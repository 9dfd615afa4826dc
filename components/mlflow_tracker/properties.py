"""The names by which the MLflow tracker, its driver, its executor and its readers know things."""

# Inputs and the output.
REPORT = "report"
EVALUATION = "evaluation"
MODEL = "model"
MODEL_RUN = "model_run"
PUSHED_MODEL = "pushed_model"
MLFLOW_RUN = "mlflow_run"

# Execution properties.
SETTINGS = "settings"
FAILURES = "failures"  # how often it was tried in vain before

# Custom properties of the output.
SUBJECT = "subject"  # see `subject`
TRACKED = "tracked"  # 1 or 0
RUN_ID = "run_id"  # MLflow's, where tracked
