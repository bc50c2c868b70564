{{- define "robustmq.labels" -}}
{{ include "robustmq.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "robustmq.selector" -}}
app.kubernetes.io/name: robustmq
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "robustmq.pods" -}}
{{- $pods := 0 }}{{ range .Values.roleSets }}{{ $pods = add $pods .replicas }}{{ end }}{{ $pods }}
{{- end }}

{{- define "robustmq.address" -}}
{{ include "robustmq.name" .root }}-{{ .set }}-{{ .ordinal }}.{{ include "robustmq.name" .root }}-headless.{{ .root.Release.Namespace }}.svc:1228
{{- end }}

{{- define "robustmq.name" -}}
{{- if contains "robustmq" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-robustmq{{ end }}
{{- end }}
