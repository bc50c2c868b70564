/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of the house that Maven's module dependencies cannot express. Each is built for a root package, so that a
 * miniature house below {@code io.robustmq.architecture.bad} can break it on purpose. Immutable.
 */
final class HouseRules {

    static final List<String> PROTOCOLS = List.of("mqtt", "kafka", "nats", "amqp", "mq9", "rocketmq");

    private final String root;

    HouseRules(String root) {
        this.root = root;
    }

    /** Name of the rule, which is also the name of its miniature house, to the rule. */
    Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        rules.put("cycles", noPackageCycles());
        rules.put("rooms", roomsUseOnlyRoomsAboveThem());
        rules.put("protocols", protocolsNeverImportEachOther());
        rules.put("plugins", nobodyButTheAppKnowsAProtocol());
        rules.put("roles", rolesMeetThroughPorts());
        rules.put("spring", springOnlyAtTheEdge());
        rules.put("reactor", reactorOnlyInNet());
        rules.put("bootstrap", portsOnlyInNet());
        rules.put("jraft", jraftOnlyInTheMetaStarter());
        rules.put("rocksdb", rocksDbOnlyInMetaAndItsEngine());
        rules.put("kafkaclasses", kafkaOnlyInItsProtocolAndTheRecordPackage());
        rules.put("clock", onlyInSystem("read the wall clock", Outside.CLOCK, Outside.CLOCK_EDGES));
        rules.put("random", onlyInSystem("draw random numbers", Outside.RANDOM, Outside.RANDOM_EDGES));
        rules.put("threads", onlyInSystem("start or stop threads", Outside.THREADS, Outside.THREAD_EDGES));
        rules.put("files", onlyInSystem("touch files", Outside.FILES, Outside.FILE_EDGES));
        rules.put("streams", onlyTheAppWritesToTheConsole());
        return rules;
    }

    private ArchRule noPackageCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    private ArchRule roomsUseOnlyRoomsAboveThem() {
        return classes()
                .that(belongToTheHouse())
                .should(new RoomOrder(root))
                .because("a room may use the rooms above it, never those below")
                .allowEmptyShould(true);
    }

    private ArchRule protocolsNeverImportEachOther() {
        return classes()
                .that()
                .resideInAnyPackage(rooms(PROTOCOLS))
                .should(new UseNoOtherProtocol(root))
                .because("a new protocol is a new module and nothing else")
                .allowEmptyShould(true);
    }

    private ArchRule nobodyButTheAppKnowsAProtocol() {
        return noClasses()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackages(rooms(PROTOCOLS))
                .and()
                .resideOutsideOfPackage(room("app"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms(PROTOCOLS))
                .because("storage, meta and the common message logic do not change for a new protocol")
                .allowEmptyShould(true);
    }

    private ArchRule rolesMeetThroughPorts() {
        return classes()
                .that(belongToTheHouse())
                .should(new MeetThroughPorts(root))
                .because("injecting another role's beans would override the phases")
                .allowEmptyShould(true);
    }

    private ArchRule springOnlyAtTheEdge() {
        return noClasses()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackages(root + "..autoconfigure..", room("node"), room("app"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .because("whatever can go wrong is testable with new")
                .allowEmptyShould(true);
    }

    private ArchRule reactorOnlyInNet() {
        return noClasses()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackages(room("net"), room("app"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("reactor..")
                .because("protocols see Netty's buffers and channels; streams cost half of the throughput")
                .allowEmptyShould(true);
    }

    private ArchRule portsOnlyInNet() {
        return noClasses()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackages(room("net"), room("app"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.bootstrap..")
                .because("limits on connections hold only if every port is opened in one room")
                .allowEmptyShould(true);
    }

    private ArchRule jraftOnlyInTheMetaStarter() {
        return noClasses()
                .that(belongToTheHouse())
                .and(outsideTheMetaStarter())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.alipay.sofa..")
                .because("raft is for the control plane only")
                .allowEmptyShould(true);
    }

    private ArchRule rocksDbOnlyInMetaAndItsEngine() {
        return noClasses()
                .that(belongToTheHouse())
                .and(outsideTheMetaStarter())
                .and()
                .resideOutsideOfPackage(room("storage.rocksdb"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .allowEmptyShould(true);
    }

    private ArchRule kafkaOnlyInItsProtocolAndTheRecordPackage() {
        return noClasses()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackages(room("kafka"), room("kernel.record"), room("app.bench"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .because(
                        "these packages are internal to Kafka and move between versions; the generator of load is a client")
                .allowEmptyShould(true);
    }

    private ArchRule onlyInSystem(String what, Outside outside, List<Outside.Edge> edges) {
        return classes()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackage(room("kernel.system"))
                .and(DescribedPredicate.describe(
                        "are no allowed edge",
                        type -> edges.stream().noneMatch(edge -> edge.covers(root, type.getName()))))
                .should(outside.neverBeUsed())
                .as("only io.robustmq.kernel.system may " + what)
                .because("a test brings its own Clock, RandomSource, Loop and Disk")
                .allowEmptyShould(true);
    }

    private ArchRule onlyTheAppWritesToTheConsole() {
        return classes()
                .that(belongToTheHouse())
                .and()
                .resideOutsideOfPackage(room("app"))
                .should(Outside.CONSOLE.neverBeUsed())
                .as("only the command line may write to the console")
                .because("an embedder's console is not ours")
                .allowEmptyShould(true);
    }

    private DescribedPredicate<JavaClass> belongToTheHouse() {
        return resideInAPackage(root + "..");
    }

    private DescribedPredicate<JavaClass> outsideTheMetaStarter() {
        return DescribedPredicate.not(resideInAPackage(room("meta"))).or(resideInAPackage(room("meta.client")));
    }

    private String room(String name) {
        return root + "." + name + "..";
    }

    private String[] rooms(List<String> names) {
        return names.stream().map(this::room).toArray(String[]::new);
    }
}
