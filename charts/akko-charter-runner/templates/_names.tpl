{{/* Names and labels. Operators know the CronJob as <release>-akko-charter-runner, whatever the release is called. */}}

{{- define "akko-charter-runner.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 52 characters: a CronJob adds 11 of its own to the names of its Jobs. */}}
{{- define "akko-charter-runner.fullname" -}}
{{- .Values.fullnameOverride | default (printf "%s-%s" .Release.Name (include "akko-charter-runner.name" .)) | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "akko-charter-runner.reportName" -}}
{{- printf "%s-report" (include "akko-charter-runner.fullname" . | trunc 45 | trimSuffix "-") -}}
{{- end -}}

{{- define "akko-charter-runner.cockpitName" -}}
{{- printf "%s-cockpit" (include "akko-charter-runner.fullname" . | trunc 44 | trimSuffix "-") -}}
{{- end -}}

{{- define "akko-charter-runner.networkName" -}}
{{- printf "%s-network" (include "akko-charter-runner.fullname" . | trunc 44 | trimSuffix "-") -}}
{{- end -}}

{{- define "akko-charter-runner.claim" -}}
{{- .Values.results.existingClaim | default (include "akko-charter-runner.fullname" .) -}}
{{- end -}}

{{- define "akko-charter-runner.selectorLabels" -}}
app.kubernetes.io/name: {{ include "akko-charter-runner.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "akko-charter-runner.chartLabels" -}}
{{ include "akko-charter-runner.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* A label of the chart cannot be overridden: policies and selectors rely on it. */}}
{{- define "akko-charter-runner.labels" -}}
{{- merge (include "akko-charter-runner.chartLabels" . | fromYaml) .Values.commonLabels | toYaml -}}
{{- end -}}

{{/* name, namespace, labels and annotations of an object; takes {root, name, annotations?}. */}}
{{- define "akko-charter-runner.metadata" -}}
name: {{ .name | quote }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "akko-charter-runner.labels" .root | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Labels of a Job and its Pods; takes {root, component}. */}}
{{- define "akko-charter-runner.podLabels" -}}
{{- $component := dict "app.kubernetes.io/component" .component -}}
{{- merge $component (include "akko-charter-runner.labels" .root | fromYaml) .root.Values.podLabels | toYaml -}}
{{- end -}}

{{- define "akko-charter-runner.podAnnotations" -}}
{{- with merge (dict) .Values.podAnnotations .Values.commonAnnotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}
