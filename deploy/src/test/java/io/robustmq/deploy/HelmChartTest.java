/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart, linted and rendered by Helm itself. */
class HelmChartTest {
    private static final Path CHART = Path.of("helm/robustmq").toAbsolutePath();
    private static final String POD = "spec/template/spec/";
    private static final String NODE = POD + "containers/0/";

    @TempDir
    Path directory;

    private static TemplateCommand template() {
        return new Helm(CHART)
                .template()
                .withName("test")
                .withNamespace("messaging")
                .withKubeVersion("1.31.0");
    }

    /** What is rendered, each a document that Kubernetes understands. */
    private static Map<String, Object> byKind(TemplateCommand command) {
        return Yamls.documents(command.call()).stream()
                .peek(KubernetesTypes::check)
                .collect(Collectors.toMap(
                        document -> Yamls.at(document, "kind") + " " + Yamls.at(document, "metadata/name"),
                        document -> document));
    }

    private static Map<?, ?> data(Object map) {
        return (Map<?, ?>) Yamls.at(map, "data");
    }

    /** The configuration of a pod. */
    private static Object config(Map<String, Object> all, String pod) {
        return Yamls.documents((String) data(all.get("ConfigMap test-robustmq")).get(pod + ".yaml"))
                .get(0);
    }

    @Test
    void whatKubernetesDoesNotKnowIsFound() {
        Object service = byKind(template()).get("Service test-robustmq");
        KubernetesTypes.check(service);
        for (String wrong : List.of(
                "{apiVersion: v1, kind: Service, spec: {sellector: {a: b}}}",
                "{apiVersion: v1, kind: Service, spec: {ports: [{port: many}]}}",
                "{apiVersion: v1, kind: Serviec}")) {
            Object document = Yamls.documents(wrong).get(0);
            assertThatThrownBy(() -> KubernetesTypes.check(document)).as(wrong).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void itPassesHelmsLint() {
        LintResult lint = new Helm(CHART).lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void byDefaultItIsOneNodeThatMayDoNothingItNeedNot() {
        Map<String, Object> all = byKind(template());
        assertThat(all)
                .containsOnlyKeys(
                        "ConfigMap test-robustmq",
                        "Service test-robustmq",
                        "Service test-robustmq-headless",
                        "StatefulSet test-robustmq-node",
                        "PodDisruptionBudget test-robustmq");
        Object set = all.get("StatefulSet test-robustmq-node");
        assertThat(Yamls.at(set, "spec/podManagementPolicy")).isEqualTo("Parallel");
        assertThat(Yamls.at(set, "spec/replicas")).isEqualTo(1);
        assertThat(Yamls.at(set, "spec/serviceName")).isEqualTo("test-robustmq-headless");
        assertThat(Yamls.at(set, POD + "enableServiceLinks")).isEqualTo(false);
        assertThat(Yamls.at(set, POD + "automountServiceAccountToken")).isEqualTo(false);
        assertThat(Yamls.at(set, POD + "securityContext/runAsNonRoot")).isEqualTo(true);
        assertThat(Yamls.at(set, NODE + "securityContext/readOnlyRootFilesystem"))
                .isEqualTo(true);
        assertThat(Yamls.at(set, NODE + "securityContext/allowPrivilegeEscalation"))
                .isEqualTo(false);
        assertThat(Yamls.at(set, NODE + "securityContext/capabilities/drop")).isEqualTo(List.of("ALL"));
        assertThat(Yamls.at(set, NODE + "image")).isEqualTo("robustmq:0.1.0-SNAPSHOT");
        assertThat(Yamls.at(set, NODE + "args")).isEqualTo(List.of("/etc/robustmq/config/$(POD_NAME).yaml"));
        assertThat(Yamls.at(set, NODE + "env/0/valueFrom/fieldRef/fieldPath")).isEqualTo("metadata.name");
        Object node = config(all, "test-robustmq-node-0");
        assertThat(Yamls.at(node, "robustmq/node-id")).isEqualTo(1);
        assertThat(Yamls.at(node, "robustmq/roles")).isEqualTo("meta,broker");
        assertThat(Yamls.at(node, "robustmq/rpc")).isEqualTo(Map.of("bind-address", "127.0.0.1"));
        assertThat(Yamls.at(set, "spec/volumeClaimTemplates/0/spec/resources/requests/storage"))
                .isEqualTo("10Gi");
        assertThat((Map<?, ?>) Yamls.at(set, "spec/template/metadata/labels"))
                .as("pods are found by their set")
                .satisfies(labels -> assertThat(labels.entrySet()
                                .containsAll(((Map<?, ?>) Yamls.at(set, "spec/selector/matchLabels")).entrySet()))
                        .isTrue());
    }

    @Test
    void probesAskTheGroupsOfHealth() throws Exception {
        Object set = byKind(template()).get("StatefulSet test-robustmq-node");
        Object application = Yamls.file(Path.of("../robustmq-app/src/main/resources/application.yaml"));
        for (String probe : List.of("startup", "readiness", "liveness")) {
            assertThat(Yamls.at(set, NODE + probe + "Probe/httpGet/path")).isEqualTo("/actuator/health/" + probe);
            assertThat(Yamls.at(set, NODE + probe + "Probe/httpGet/port")).isEqualTo("admin");
        }
        assertThat(Yamls.at(application, "management/endpoint.health/group/startup.include"))
                .isEqualTo("robustmq");
        assertThat(Yamls.at(application, "management/endpoint.health/probes.enabled"))
                .isEqualTo(true);
    }

    @Test
    void itsConfigurationHasKeysThatANodeKnows() throws Exception {
        String known = Files.readString(Path.of("../docs/configuration.md"));
        Object map = byKind(template().set("tls.secret", "certificate").set("config.robustmq.default-engine", "file"))
                .get("ConfigMap test-robustmq");
        List<Object> documents = Yamls.documents((String) data(map).get("test-robustmq-node-0.yaml"));
        assertThat(documents).hasSize(3);
        List<String> keys = documents.stream()
                .flatMap(document -> Yamls.keys(document).stream())
                .toList();
        assertThat(keys)
                .contains("robustmq.default-engine", "robustmq.mqtt.tls.bundle", "robustmq.kafka.tls.bundle")
                .filteredOn(key -> key.startsWith("robustmq."))
                .allSatisfy(key -> assertThat(known).contains("`" + key + "`"));
        assertThat(keys).contains("spring.ssl.bundle.pem.node.keystore.certificate");
    }

    @Test
    void secretsAreMountedAndScrapesAreAuthorized() {
        Map<String, Object> all = byKind(template()
                .set("tls.secret", "certificate")
                .set("admin.passwordSecret", "first-password")
                .set("serviceMonitor.enabled", true)
                .set("serviceMonitor.tokenSecret", "viewer"));
        Object set = all.get("StatefulSet test-robustmq-node");
        assertThat(Yamls.at(set, POD + "volumes").toString())
                .contains("secretName=certificate", "secretName=first-password");
        assertThat(Yamls.at(set, NODE + "args").toString())
                .contains("--robustmq.admin.password-file=/etc/robustmq/admin/password");
        Object monitor = all.get("ServiceMonitor test-robustmq");
        assertThat(Yamls.at(monitor, "spec/endpoints/0/authorization/credentials/name"))
                .isEqualTo("viewer");
        assertThat(Yamls.at(monitor, "spec/endpoints/0/path")).isEqualTo("/actuator/prometheus");
        assertThat((Map<?, ?>) Yamls.at(all.get("Service test-robustmq-headless"), "metadata/labels"))
                .as("the service is found by the monitor, and once")
                .satisfies(labels -> assertThat(labels.entrySet()
                                .containsAll(((Map<?, ?>) Yamls.at(monitor, "spec/selector/matchLabels")).entrySet()))
                        .isTrue());
        assertThat(((Map<?, ?>) Yamls.at(all.get("Service test-robustmq"), "metadata/labels"))
                        .get("robustmq.io/scrape"))
                .isNull();
    }

    private TemplateCommand withRoleSet(String... sets) throws Exception {
        StringBuilder values = new StringBuilder("roleSets:\n");
        for (String set : sets) {
            values.append("  - ").append(set).append('\n');
        }
        return template().withValuesFile(Files.writeString(directory.resolve("values.yaml"), values));
    }

    private static String set(String name, String roles, int replicas) {
        return "{name: " + name + ", roles: [" + roles + "], replicas: " + replicas + ", persistence: {size: 1Gi}}";
    }

    @Test
    @SuppressWarnings("unchecked")
    void severalPodsKnowEachOtherAndProveWhoTheyAre() throws Exception {
        Map<String, Object> all = byKind(withRoleSet(set("meta", "meta", 3), set("broker", "broker", 1))
                .set("rpc.secret", "inner")
                .set("networkPolicy.enabled", true)
                .set("tls.secret", "certificate"));
        Map<Integer, String> keepers = Map.of(
                1, "test-robustmq-meta-0.test-robustmq-headless.messaging.svc:1228",
                2, "test-robustmq-meta-1.test-robustmq-headless.messaging.svc:1228",
                3, "test-robustmq-meta-2.test-robustmq-headless.messaging.svc:1228");
        List<String> pods = List.of(
                "test-robustmq-meta-0", "test-robustmq-meta-1", "test-robustmq-meta-2", "test-robustmq-broker-0");
        assertThat(data(all.get("ConfigMap test-robustmq"))).hasSize(4);
        for (String pod : pods) {
            Object node = config(all, pod);
            assertThat(Yamls.at(node, "robustmq/node-id")).isEqualTo(pods.indexOf(pod) + 1);
            assertThat(Yamls.at(node, "robustmq/meta/addresses")).isEqualTo(keepers);
            assertThat(Yamls.at(node, "robustmq/rpc/shared-secret-file")).isEqualTo("/etc/robustmq/rpc/secret");
            assertThat(Yamls.at(node, "robustmq/rpc/advertised"))
                    .isEqualTo(pod + ".test-robustmq-headless.messaging.svc:1228");
        }
        assertThat((String) data(all.get("ConfigMap test-robustmq")).get("test-robustmq-meta-0.yaml"))
                .as("listeners are a broker's")
                .doesNotContain("tls");
        for (String name : List.of("meta", "broker")) {
            Object set = all.get("StatefulSet test-robustmq-" + name);
            assertThat(Yamls.at(set, POD + "volumes").toString()).contains("secretName=inner");
            assertThat(Yamls.at(set, NODE + "volumeMounts").toString()).contains("/etc/robustmq/rpc");
            assertThat(Yamls.at(set, NODE + "ports").toString()).contains("containerPort=1228");
            assertThat(((Map<String, ?>) Yamls.at(set, "spec/template/metadata/labels")).get("robustmq.io/broker"))
                    .isEqualTo(name.equals("broker") ? "true" : null);
        }
        Object policy = all.get("NetworkPolicy test-robustmq");
        assertThat(Yamls.at(policy, "spec/ingress/0/ports").toString())
                .contains("mqtt", "kafkas", "admin")
                .doesNotContain("rpc");
        assertThat(Yamls.at(policy, "spec/ingress/1/ports")).isEqualTo(List.of(Map.of("port", "rpc")));
        assertThat(Yamls.at(policy, "spec/ingress/1/from/0/podSelector"))
                .isEqualTo(Yamls.at(policy, "spec/podSelector"));
        assertThat((Map<String, Object>) Yamls.at(all.get("Service test-robustmq"), "spec/selector"))
                .as("clients reach brokers only")
                .containsEntry("robustmq.io/broker", "true");
        assertThat((Map<String, Object>) Yamls.at(all.get("Service test-robustmq-headless"), "spec/selector"))
                .as("nodes reach all")
                .doesNotContainKey("robustmq.io/broker");
        assertThat(Yamls.at(all.get("Service test-robustmq-headless"), "spec/ports")
                        .toString())
                .contains("port=1228");
        assertThat(Yamls.at(all.get("Service test-robustmq"), "spec/ports").toString())
                .doesNotContain("1228");
    }

    @Test
    void whatCannotWorkIsRefused() throws Exception {
        String one = "{name: node, roles: [meta, broker], replicas: 1, persistence: {size: 1Gi}}";
        assertThat(withRoleSet(one).call()).contains("storage: 1Gi");
        assertThatThrownBy(
                        withRoleSet(one.replace("replicas: 1", "replicas: 3")).set("rpc.secret", "inner")::call)
                .hasMessageContaining("one broker");
        assertThatThrownBy(withRoleSet(set("m", "meta", 3))::call).hasMessageContaining("one broker");
        assertThatThrownBy(
                        withRoleSet(set("m", "meta", 2), set("b", "broker", 1)).set("rpc.secret", "inner")::call)
                .hasMessageContaining("1, 3 or 5");
        assertThatThrownBy(withRoleSet(set("m", "meta", 3), set("b", "broker", 1))::call)
                .hasMessageContaining("rpc.secret", "openssl rand");
        assertThat(withRoleSet(set("m", "meta", 2), set("b", "meta, broker", 1))
                        .set("rpc.secret", "inner")
                        .call())
                .contains("node-id: 3");
        assertThatThrownBy(withRoleSet(one.replace("broker", "wizard"))::call).hasMessageContaining("roles");
        assertThatThrownBy(template().set("service.type", "Magic")::call).hasMessageContaining("type");
    }
}
