{{/* Parts of the Pods: all of them run under Pod Security `restricted`, without a token unless one is needed. */}}

{{- define "akko-charter-runner.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
# The group of the volumes: a claim is made writable for it once, not at every start.
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "akko-charter-runner.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where Pods run and how their images are pulled. */}}
{{- define "akko-charter-runner.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "akko-charter-runner.hasExtraSuites" -}}
{{- if or .Values.extraSuites.configMap .Values.extraSuites.image.reference -}}true{{- end -}}
{{- end -}}

{{- define "akko-charter-runner.resultsVolume" -}}
name: results
{{- if eq .Values.results.type "persistentVolumeClaim" }}
persistentVolumeClaim:
  claimName: {{ include "akko-charter-runner.claim" . | quote }}
{{- else }}
emptyDir: {}
{{- end }}
{{- end -}}

{{/* The volume with the user's campaigns. A ConfigMap mounts as it is; of an image either itself, or what its own command copies. */}}
{{- define "akko-charter-runner.extraSuitesVolume" -}}
name: extra-suites
{{- if .Values.extraSuites.configMap }}
configMap:
  name: {{ .Values.extraSuites.configMap | quote }}
{{- else if .Values.extraSuites.image.command }}
emptyDir: {}
{{- else }}
image:
  reference: {{ .Values.extraSuites.image.reference | quote }}
  pullPolicy: {{ .Values.extraSuites.image.pullPolicy }}
{{- end }}
{{- end -}}

{{/*
What ends a Job. A disruption (eviction, preemption, node drain) is no verdict: the Pod starts again and it does not count. The
runner's exit codes 1 to 7 are verdicts: they stand. All else (out of memory, force-deleted) counts against backoffLimit.
Takes the action for a verdict: FailJob, or FailIndex so that index 0 still merges what the other shards found.
*/}}
{{- define "akko-charter-runner.podFailurePolicy" -}}
rules:
  - action: Ignore
    onPodConditions:
      - type: DisruptionTarget
        status: 'True'
  - action: {{ . }}
    onExitCodes:
      containerName: charter
      operator: In
      values: [1, 2, 3, 4, 5, 6, 7]
{{- end -}}
