/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.nio.file.Path;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.BasicAttribute;
import javax.naming.directory.BasicAttributes;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * OpenLDAP with people and groups below {@link #BASE}. Its certificate is for {@code localhost}, not for {@code 127.0.0.1}. It lets
 * in who says a name and no password, as directories may. Confined to the test's thread.
 */
public final class OpenLdap implements AutoCloseable {
    public static final String BASE = "dc=example,dc=org";
    public static final String ADMIN = "cn=admin," + BASE;
    public static final String PASSWORD = "ldap-service-secret";

    private final Program program;
    private final int port = Program.freePort();
    private final int tlsPort = Program.freePort();
    private final Certificate certificate;
    private final LdapContext context;

    public OpenLdap() {
        String slapd = Program.find("slapd", "/usr/sbin/slapd", "/usr/libexec/slapd");
        program = new Program("openldap", null);
        try {
            certificate = new Certificate(program);
            Path configuration = program.file("slapd.conf", configuration());
            program.serve(
                    port,
                    slapd,
                    "-d",
                    "0",
                    "-f",
                    configuration.toString(),
                    "-h",
                    "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/");
            context = connect();
            add(BASE, "dcObject", "organization", "dc", "example", "o", "Example");
            add("ou=people," + BASE, "organizationalUnit", "ou", "people");
            add("ou=groups," + BASE, "organizationalUnit", "ou", "groups");
        } catch (NamingException e) {
            program.close();
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private String configuration() {
        return String.join(
                "\n",
                "include /etc/ldap/schema/core.schema",
                "include /etc/ldap/schema/cosine.schema",
                "include /etc/ldap/schema/inetorgperson.schema",
                "modulepath /usr/lib/ldap",
                "moduleload back_mdb",
                "TLSCertificateFile " + certificate.file(),
                "TLSCertificateKeyFile " + certificate.key(),
                "allow bind_anon_cred",
                "database mdb",
                "suffix \"" + BASE + "\"",
                "rootdn \"" + ADMIN + "\"",
                "rootpw " + PASSWORD,
                "directory " + program.folder("data"),
                "dbnosync",
                "access to attrs=userPassword by anonymous auth by * none",
                "access to * by users read",
                "");
    }

    private LdapContext connect() throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, url(port));
        environment.put(Context.SECURITY_AUTHENTICATION, "simple");
        environment.put(Context.SECURITY_PRINCIPAL, ADMIN);
        environment.put(Context.SECURITY_CREDENTIALS, PASSWORD);
        return new InitialLdapContext(environment, null);
    }

    public static String url(int port) {
        return "ldap://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public int tlsPort() {
        return tlsPort;
    }

    public Certificate certificate() {
        return certificate;
    }

    /** Makes the person anew. */
    public String person(String uid, String password) {
        try {
            Rdn rdn = new Rdn("uid", uid);
            LdapName name = new LdapName("ou=people," + BASE);
            name.add(rdn);
            context.unbind(name);
            BasicAttributes attributes = new BasicAttributes("uid", uid);
            attributes.put("cn", "Somebody");
            attributes.put("sn", "Body");
            attributes.put("userPassword", password);
            attributes.put(new BasicAttribute("objectClass", "inetOrgPerson"));
            context.createSubcontext(name, attributes);
            return name.toString();
        } catch (NamingException e) {
            throw new IllegalStateException(e);
        }
    }

    public void group(String cn, String... members) {
        try {
            BasicAttributes attributes = new BasicAttributes("cn", cn);
            BasicAttribute member = new BasicAttribute("member");
            for (String each : members) {
                member.add(each);
            }
            attributes.put(member);
            attributes.put(new BasicAttribute("objectClass", "groupOfNames"));
            LdapName name = new LdapName("ou=groups," + BASE);
            name.add(new Rdn("cn", cn));
            context.unbind(name);
            context.createSubcontext(name, attributes);
        } catch (NamingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(String dn, String objectClass, String... more) throws NamingException {
        BasicAttribute classes = new BasicAttribute("objectClass", objectClass);
        BasicAttributes attributes = new BasicAttributes(true);
        attributes.put(classes);
        int begin = more.length % 2;
        if (begin == 1) {
            classes.add(more[0]);
        }
        for (int i = begin; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        context.createSubcontext(new LdapName(dn), attributes);
    }

    @Override
    public void close() {
        program.close();
    }
}
