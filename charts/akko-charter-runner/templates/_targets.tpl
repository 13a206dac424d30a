{{/*
The five targets as JSON, by name: {url, pods, port, namespace?, isExpected, isService}. charter.yaml takes the URL, the NetworkPolicy
the rest, so that the two cannot differ. What is no Service of the cluster is for the runner to refuse, with all its reasons.
*/}}
{{- define "akko-charter-runner.targets" -}}
{{- $root := . -}}
{{- $domain := dig "clusterDomain" "cluster.local" .Values.config | lower -}}
{{- $targets := dict -}}
{{- range $name, $known := dict
  "cockpitBackend" (dict "service" "akko-cockpit-backend" "port" 8080)
  "trino" (dict "service" "akko-trino" "port" 8080)
  "keycloak" (dict "service" "akko-keycloak" "port" 8080)
  "opa" (dict "service" "akko-opa" "port" 8181)
  "policySync" (dict "service" "akko-policy-sync" "port" 8080)
-}}
  {{- $url := get $root.Values.inClusterTargets $name | default (printf "http://%s-%s:%d" $root.Release.Name $known.service $known.port) -}}
  {{- $authority := regexReplaceAll "^https?://([^/]*).*$" (lower $url) "${1}" -}}
  {{- $host := regexReplaceAll ":[0-9]*$" $authority "" -}}
  {{- $inUrl := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $authority) -}}
  {{- $port := $inUrl | default (ternary "443" "80" (hasPrefix "https:" (lower $url))) -}}
  {{- $own := get $root.Values.networkPolicy.targets $name -}}
  {{- $parts := splitList "." (trimSuffix "." $host) -}}
  {{- $suffix := join "." (slice $parts (min 2 (len $parts))) -}}
  {{- $isBare := eq (len $parts) 1 -}}
  {{- $isService := or $isBare (has $suffix (list "svc" (printf "svc.%s" $domain))) -}}
  {{- $target := dict
    "url" $url
    "pods" ($own.podLabels | default (dict "app.kubernetes.io/name" $known.service))
    "port" ($own.port | default $port | int)
    "isService" $isService
    "isExpected" (dig "targets" $name "expected" true $root.Values.config)
  -}}
  {{- if and $isService (not $isBare) -}}
    {{- $_ := set $target "namespace" (index $parts 1) -}}
  {{- end -}}
  {{- $_ := set $targets $name $target -}}
{{- end -}}
{{- toJson $targets -}}
{{- end -}}
