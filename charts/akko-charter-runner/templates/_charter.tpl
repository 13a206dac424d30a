{{/* charter.yaml: `config`, and what the chart knows better. validate.yaml has refused keys that have a value of their own. */}}
{{- define "akko-charter-runner.charter" -}}
{{- $targets := dict -}}
{{- range $name, $target := include "akko-charter-runner.targets" . | fromJson -}}
  {{- $_ := set $targets $name (dict "url" $target.url) -}}
{{- end -}}
{{- $secret := dict
  "name" .Values.personaSecret.name
  "via" .Values.personaSecret.via
  "optional" .Values.personaSecret.optional
  "directory" "/var/run/secrets/charter/personas"
-}}
{{- $lock := dict "mode" (include "akko-charter-runner.lockMode" .) -}}
{{- if ne $lock.mode "none" -}}
  {{- $_ := set $lock "waitMs" (mul 1000 (include "akko-charter-runner.lockWaitSeconds" . | int)) -}}
  {{- $_ := set $lock "leaseMs" (mul 1000 (include "akko-charter-runner.lockLeaseSeconds" . | int)) -}}
{{- end -}}
{{- if eq $lock.mode "lease" -}}
  {{- $_ := set $lock "lease" (include "akko-charter-runner.fullname" .) -}}
{{- end -}}
{{- $store := dict -}}
{{- with .Values.store.secret -}}
  {{- $store = dict
    "mode" "postgres"
    "connectionFile" (printf "/var/run/secrets/charter/store/%s" $.Values.store.key)
    "required" $.Values.store.required
  -}}
{{- end -}}
{{- if .Values.store.quarantine -}}
  {{- $_ := set $store "quarantine" "quarantine.yaml" -}}
{{- end -}}
{{- $own := dict
  "suites" .Values.suites
  "targets" $targets
  "personaSecret" $secret
  "grants" (include "akko-charter-runner.grants" . | fromJsonArray)
  "execution" (dict "retry" (int .Values.retry) "lock" $lock)
  "store" $store
-}}
{{- mergeOverwrite (deepCopy .Values.config) $own | toYaml -}}
{{- end -}}
