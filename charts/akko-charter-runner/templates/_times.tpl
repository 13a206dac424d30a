{{/* Times that Kubernetes gives a run, in seconds. The run's own deadline comes first: only then does the report say why it ended. */}}

{{/* The longest that a run takes by itself: waiting for the lock, the run, the grace of its cases. */}}
{{- define "akko-charter-runner.runSeconds" -}}
{{- $runMs := dig "budgets" "runMs" 900000 .Values.config | int -}}
{{- add (include "akko-charter-runner.lockWaitSeconds" .) (div (add $runMs 999) 1000) (include "akko-charter-runner.graceSeconds" .) -}}
{{- end -}}

{{- define "akko-charter-runner.graceSeconds" -}}
{{- div (add (dig "budgets" "graceMs" 5000 .Values.config | int) 999) 1000 -}}
{{- end -}}

{{- define "akko-charter-runner.activeDeadlineSeconds" -}}
{{- .Values.activeDeadlineSeconds | default (add (include "akko-charter-runner.runSeconds" .) 300) | int -}}
{{- end -}}

{{- define "akko-charter-runner.terminationGracePeriodSeconds" -}}
{{- .Values.terminationGracePeriodSeconds | default (add (include "akko-charter-runner.graceSeconds" .) 25) | int -}}
{{- end -}}
