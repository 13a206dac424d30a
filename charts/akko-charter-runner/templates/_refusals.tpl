{{/*
What values.schema.json cannot say: values that contradict each other. One message per line, all at once; `helm template` fails with them.
*/}}
{{- define "akko-charter-runner.refusals" -}}
{{- $refusals := list -}}
{{- $given := dict
  "suites" (list "suites" (dig "suites" nil .Values.config))
  "grants" (list "lock or personaSecret.via" (dig "grants" nil .Values.config))
  "personaSecret" (list "personaSecret" (dig "personaSecret" nil .Values.config))
  "execution.retry" (list "retry" (dig "execution" "retry" nil .Values.config))
  "execution.lock" (list "lock" (dig "execution" "lock" nil .Values.config))
  "store.mode" (list "store.secret" (dig "store" "mode" nil .Values.config))
  "store.connectionFile" (list "store.secret" (dig "store" "connectionFile" nil .Values.config))
  "store.quarantine" (list "store.quarantine" (dig "store" "quarantine" nil .Values.config))
  "store.required" (list "store.required" (dig "store" "required" nil .Values.config))
-}}
{{- if and (not .Values.store.secret) (eq (dig "store" "mode" "" .Values.config) "folder") -}}
  {{- $_ := unset $given "store.mode" -}}
{{- end -}}
{{- range $name := keys .Values.inClusterTargets -}}
  {{- $_ := set $given (printf "targets.%s.url" $name) (list (printf "inClusterTargets.%s" $name) (dig "targets" $name "url" nil $.Values.config)) -}}
{{- end -}}
{{- range $key, $both := $given -}}
  {{- if not (kindIs "invalid" (last $both)) -}}
    {{- $refusals = append $refusals (printf "config.%s: only the value %s writes this key of charter.yaml. Remove it from config, and set %s." $key (first $both) (first $both)) -}}
  {{- end -}}
{{- end -}}
{{- if and (gt (int .Values.shards) 1) (ne .Values.results.type "persistentVolumeClaim") -}}
  {{- $refusals = append $refusals (printf "shards: %d shards merge their reports on a volume that all of them reach; set results.type to persistentVolumeClaim, or shards to 1." (int .Values.shards)) -}}
{{- end -}}
{{- if and (gt (int .Values.shards) 1) (not .Values.results.existingClaim) (has "ReadWriteOncePod" .Values.results.accessModes) -}}
  {{- $refusals = append $refusals (printf "results.accessModes: one Pod of the cluster may use a claim that is ReadWriteOncePod, and shards: %d are as many Pods; use ReadWriteMany, or ReadWriteOnce on one node." (int .Values.shards)) -}}
{{- end -}}
{{- if and .Values.results.existingClaim (ne .Values.results.type "persistentVolumeClaim") -}}
  {{- $refusals = append $refusals "results.existingClaim: is not used with results.type emptyDir; set results.type to persistentVolumeClaim." -}}
{{- end -}}
{{- if and .Values.extraSuites.configMap .Values.extraSuites.image.reference -}}
  {{- $refusals = append $refusals "extraSuites.image.reference: extraSuites.configMap is set too; campaigns come from one of the two." -}}
{{- end -}}
{{- if and (include "akko-charter-runner.hasExtraSuites" .) (kindIs "slice" .Values.suites) -}}
  {{- $refusals = append $refusals "extraSuites: a list in suites runs the listed campaigns of the charter only; set suites to charter or all." -}}
{{- end -}}
{{- if and .Values.cockpit.enabled (not .Values.cockpit.secret) -}}
  {{- $refusals = append $refusals "cockpit.secret: the cockpit reads a database; name the Secret with its URL." -}}
{{- end -}}
{{- if and (eq (include "akko-charter-runner.lockMode" .) "postgres") (not .Values.store.secret) -}}
  {{- $refusals = append $refusals "lock: the lock postgres is a session of the store's database; set store.secret." -}}
{{- end -}}
{{- if and (eq (include "akko-charter-runner.lockMode" .) "postgres") (gt (int .Values.shards) 1) -}}
  {{- $refusals = append $refusals (printf "lock: a session of the database is held by one process, and shards: %d are as many; use the lock lease, which they share, or none." (int .Values.shards)) -}}
{{- end -}}
{{- $leaseSeconds := include "akko-charter-runner.lockLeaseSeconds" . | int -}}
{{- $graceMs := dig "budgets" "graceMs" 5000 .Values.config | int -}}
{{- if and (eq (include "akko-charter-runner.lockMode" .) "lease") (lt (mul 1000 $leaseSeconds) (mul 3 $graceMs)) -}}
  {{- $refusals = append $refusals (printf "lock.leaseSeconds: %d s are less than three times config.budgets.graceMs, %d ms: cases could still run when another run may begin." $leaseSeconds $graceMs) -}}
{{- end -}}
{{- if and (or .Values.cockpit.enabled .Values.store.secret) .Values.networkPolicy.enabled (not .Values.database.podLabels) (not .Values.database.addresses) -}}
  {{- $refusals = append $refusals "database.podLabels: the network policy must know the database; give the labels of its Pods, or database.addresses." -}}
{{- end -}}
{{- if .Values.networkPolicy.enabled -}}
  {{- range $name, $target := include "akko-charter-runner.targets" . | fromJson -}}
    {{- if and $target.isExpected (not $target.isService) -}}
      {{- $refusals = append $refusals (printf "inClusterTargets.%s: %s is no Service of the cluster, so no NetworkPolicy can name its Pods; write http://<service>.<namespace>.svc:<port>, or set networkPolicy.enabled to false." $name $target.url) -}}
    {{- end -}}
  {{- end -}}
  {{- $opened := dict
    "networkPolicy.dns.addresses" .Values.networkPolicy.dns.addresses
    "networkPolicy.apiServer.addresses" .Values.networkPolicy.apiServer.addresses
    "database.addresses" .Values.database.addresses
  -}}
  {{- range $key, $addresses := $opened -}}
    {{- range $address := $addresses -}}
      {{- if regexMatch "/[0-7]$" $address -}}
        {{- $refusals = append $refusals (printf "%s: %s opens far more than the cluster; name the addresses." $key $address) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- join "\n" $refusals -}}
{{- end -}}
