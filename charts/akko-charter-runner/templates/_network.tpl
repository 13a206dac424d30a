{{/* Addresses of the network policy. */}}

{{/* One address or network as an ipBlock. */}}
{{- define "akko-charter-runner.ipBlock" -}}
ipBlock:
  cidr: {{ if contains "/" . }}{{ . }}{{ else }}{{ . }}/{{ ternary "128" "32" (contains ":" .) }}{{ end }}
{{- end -}}

{{/* {addresses, port} of the API server: as given, else as the cluster tells while helm installs; no addresses where neither. */}}
{{- define "akko-charter-runner.apiServer" -}}
{{- $found := dict "addresses" .Values.networkPolicy.apiServer.addresses "port" .Values.networkPolicy.apiServer.port -}}
{{- if not $found.addresses -}}
  {{- $slice := lookup "discovery.k8s.io/v1" "EndpointSlice" "default" "kubernetes" -}}
  {{- range $endpoint := $slice.endpoints -}}
    {{- $_ := set $found "addresses" (concat $found.addresses $endpoint.addresses) -}}
  {{- end -}}
  {{- range $port := $slice.ports -}}
    {{- $_ := set $found "port" $port.port -}}
  {{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* The rule that leads to the database. */}}
{{- define "akko-charter-runner.databaseEgress" -}}
{{- $database := .Values.database -}}
# The database
- to:
    {{- range $database.addresses }}
    - {{ include "akko-charter-runner.ipBlock" . | indent 6 | trim }}
    {{- end }}
    {{- if $database.podLabels }}
    - podSelector:
        matchLabels:
          {{- toYaml $database.podLabels | nindent 10 }}
      {{- with $database.namespace }}
      namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . | quote }}
      {{- end }}
    {{- end }}
  ports:
    - protocol: TCP
      port: {{ int $database.port }}
{{- end -}}
