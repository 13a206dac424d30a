{{/* What the runner may do through the API server, in one place: the Role, charter.yaml's `grants` (case 14.4) and the token follow. */}}

{{- define "akko-charter-runner.lockMode" -}}
{{- if kindIs "string" .Values.lock -}}{{ .Values.lock }}{{- else -}}{{ .Values.lock.mode }}{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.lockWaitSeconds" -}}
{{- if or (kindIs "string" .Values.lock) (eq (include "akko-charter-runner.lockMode" .) "none") -}}0{{- else -}}{{ int .Values.lock.waitSeconds }}{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.lockLeaseSeconds" -}}
{{- if kindIs "string" .Values.lock -}}30{{- else -}}{{ int .Values.lock.leaseSeconds }}{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.rules" -}}
{{- $rules := list -}}
{{- if eq (include "akko-charter-runner.lockMode" .) "lease" -}}
  {{- $lease := include "akko-charter-runner.fullname" . -}}
  {{- $rules = append $rules (dict "apiGroups" (list "coordination.k8s.io") "resources" (list "leases") "resourceNames" (list $lease) "verbs" (list "get" "update")) -}}
{{- end -}}
{{- if eq .Values.personaSecret.via "api" -}}
  {{- $rules = append $rules (dict "apiGroups" (list "") "resources" (list "secrets") "resourceNames" (list .Values.personaSecret.name) "verbs" (list "get")) -}}
{{- end -}}
{{- toJson $rules -}}
{{- end -}}

{{/* "true" where the runner talks to the API server, "" elsewhere: then it has no Role and no token. */}}
{{- define "akko-charter-runner.needsApi" -}}
{{- if ne (include "akko-charter-runner.rules" .) "[]" -}}true{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.grants" -}}
{{- $grants := list -}}
{{- range $rule := include "akko-charter-runner.rules" . | fromJsonArray -}}
  {{- range $verb := $rule.verbs -}}
    {{- $grant := dict "verb" $verb "resource" (first $rule.resources) "name" (first $rule.resourceNames) -}}
    {{- with first $rule.apiGroups -}}{{- $_ := set $grant "group" . -}}{{- end -}}
    {{- $grants = append $grants $grant -}}
  {{- end -}}
{{- end -}}
{{- toJson $grants -}}
{{- end -}}
