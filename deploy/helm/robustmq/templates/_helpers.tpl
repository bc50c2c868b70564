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

{{- define "robustmq.name" -}}
{{- if contains "robustmq" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-robustmq{{ end }}
{{- end }}
