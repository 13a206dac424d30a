{{/* Names and labels. A release called tenant-operator gives objects called so, any other <release>-tenant-operator. */}}

{{- define "tenant-operator.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tenant-operator.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "tenant-operator.fullname" .) -}}
{{- end -}}

{{/* ClusterRoles are of no namespace: their names hold it. */}}
{{- define "tenant-operator.clusterRole" -}}
{{- printf "%s-%s" .Release.Namespace (include "tenant-operator.fullname" .) | trunc 100 | trimSuffix "-" -}}
{{- end -}}

{{- define "tenant-operator.discoveryNamespace" -}}
{{- .Values.discovery.namespace | default .Release.Namespace -}}
{{- end -}}

{{- define "tenant-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "tenant-operator.labels" -}}
{{ include "tenant-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "tenant-operator.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}
