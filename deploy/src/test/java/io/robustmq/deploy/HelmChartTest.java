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

    private static Map<String, Object> byKind(TemplateCommand command) {
        return Yamls.documents(command.call()).stream()
                .collect(Collectors.toMap(
                        document -> Yamls.at(document, "kind") + " " + Yamls.at(document, "metadata/name"),
                        document -> document));
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
        assertThat(Yamls.at(set, NODE + "args"))
                .isEqualTo(
                        List.of("/etc/robustmq/robustmq.yaml", "--robustmq.roles=meta,broker", "--robustmq.node-id=1"));
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
        List<Object> documents = Yamls.documents((String) Yamls.at(map, "data/robustmq.yaml"));
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
        assertThat((Map<?, ?>) Yamls.at(all.get("Service test-robustmq"), "metadata/labels"))
                .as("the service is found by the monitor, and once")
                .satisfies(labels -> assertThat(labels.entrySet()
                                .containsAll(((Map<?, ?>) Yamls.at(monitor, "spec/selector/matchLabels")).entrySet()))
                        .isTrue());
        assertThat(((Map<?, ?>) Yamls.at(all.get("Service test-robustmq-headless"), "metadata/labels"))
                        .get("robustmq.io/scrape"))
                .isNull();
    }

    private TemplateCommand withRoleSet(String set) throws Exception {
        Path values = Files.writeString(directory.resolve("values.yaml"), "roleSets:\n  - " + set + "\n");
        return template().withValuesFile(values);
    }

    @Test
    void whatCannotWorkIsRefused() throws Exception {
        String one = "{name: node, roles: [meta, broker], replicas: 1, persistence: {size: 1Gi}}";
        assertThat(withRoleSet(one).call()).contains("storage: 1Gi");
        assertThatThrownBy(withRoleSet(one.replace("replicas: 1", "replicas: 3"))::call)
                .hasMessageContaining("loopback only");
        assertThatThrownBy(withRoleSet(one.replace("broker", "wizard"))::call).hasMessageContaining("roles");
        assertThatThrownBy(template().set("service.type", "Magic")::call).hasMessageContaining("type");
    }
}
