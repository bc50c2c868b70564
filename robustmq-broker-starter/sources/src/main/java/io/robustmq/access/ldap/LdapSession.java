/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.AuthenticationException;
import javax.naming.Context;
import javax.naming.InvalidNameException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.NoPermissionException;
import javax.naming.OperationNotSupportedException;
import javax.naming.PartialResultException;
import javax.naming.SizeLimitExceededException;
import javax.naming.directory.Attribute;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;
import javax.net.SocketFactory;

/** One connection to a directory, for one log-in. Confined to its thread. */
final class LdapSession implements AutoCloseable {
    private final LdapConfig config;
    private final LdapContext context;

    /** An entry and the values of the attribute that was asked for. Immutable. */
    record Entry(String dn, List<String> values) {}

    private LdapSession(LdapConfig config, LdapContext context) {
        this.config = config;
        this.context = context;
    }

    /** Connects, and encrypts where that is wanted; nothing has been said about anybody then. */
    static LdapSession open(LdapConfig config) throws Exception {
        Hashtable<String, Object> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, config.url());
        environment.put(Context.SECURITY_AUTHENTICATION, "none");
        environment.put(Context.REFERRAL, "ignore");
        // The older version would be tried with a bind of its own.
        environment.put("java.naming.ldap.version", "3");
        environment.put("java.naming.ldap.factory.socket", LdapSockets.class.getName());
        environment.put("com.sun.jndi.ldap.connect.timeout", String.valueOf(config.connectMillisMax()));
        environment.put("com.sun.jndi.ldap.read.timeout", String.valueOf(config.answerMillisMax()));
        boolean encrypted = config.url().regionMatches(true, 0, "ldaps:", 0, 6);
        SocketFactory sockets = encrypted ? config.sockets() : SocketFactory.getDefault();
        // Longer than any answer may take: what reads in the background must not give up before that.
        int silenceMillisMax = config.answerMillisMax() + 1_000;
        LdapContext context =
                new LdapSockets(sockets, silenceMillisMax).during(() -> new InitialLdapContext(environment, null));
        LdapSession session = new LdapSession(config, context);
        try {
            if (config.startTls()) {
                StartTlsResponse encryption = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
                encryption.negotiate(config.sockets());
            }
            return session;
        } catch (Exception e) {
            session.close();
            throw e;
        }
    }

    /** The node itself, or nobody. */
    void bindNode() throws NamingException {
        if (config.bindDn() != null) {
            bind(config.bindDn(), config.bindPassword().text());
        }
    }

    /**
     * Whether that is the user's password.
     *
     * @param password not empty: with an empty one a bind is one without a name, and succeeds (RFC 4513, section 5.1.2)
     */
    boolean bindUser(String dn, byte[] password) throws NamingException {
        if (password.length == 0 || dn.isEmpty()) {
            return false;
        }
        try {
            bind(dn, password.clone());
            return true;
        } catch (AuthenticationException
                | NameNotFoundException
                | InvalidNameException
                | NoPermissionException
                | OperationNotSupportedException e) {
            // Wrong, not there, locked or expired.
            return false;
        }
    }

    private void bind(String dn, Object password) throws NamingException {
        if (password instanceof String text && text.isEmpty()) {
            throw new NamingException("the password for " + dn + " is empty");
        }
        context.addToEnvironment(Context.SECURITY_AUTHENTICATION, "simple");
        context.addToEnvironment(Context.SECURITY_PRINCIPAL, dn);
        context.addToEnvironment(Context.SECURITY_CREDENTIALS, password);
        context.reconnect(null);
    }

    /** The entry itself; nothing where there is none, or none that may be seen. */
    List<Entry> entry(LdapName dn, String attribute) throws NamingException {
        return search(dn, SearchControls.OBJECT_SCOPE, "(objectClass=*)", attribute, 1);
    }

    /** At most so many; with more there are more than that many. */
    List<Entry> below(String base, String filter, String attribute, int max) throws NamingException {
        return search(new LdapName(base), SearchControls.SUBTREE_SCOPE, filter, attribute, max);
    }

    private List<Entry> search(LdapName base, int scope, String filter, String attribute, int max)
            throws NamingException {
        SearchControls controls =
                new SearchControls(scope, max, config.answerMillisMax(), new String[] {attribute}, false, false);
        List<Entry> found = new ArrayList<>();
        NamingEnumeration<SearchResult> results = null;
        try {
            results = context.search(base, filter, controls);
            while (results.hasMore()) {
                SearchResult result = results.next();
                found.add(new Entry(
                        result.getNameInNamespace(),
                        values(result.getAttributes().get(attribute))));
            }
        } catch (NameNotFoundException | PartialResultException | SizeLimitExceededException e) {
            // Not there; in another server, which is not asked; or enough.
            return found;
        } finally {
            if (results != null) {
                results.close();
            }
        }
        return found;
    }

    private static List<String> values(@org.jspecify.annotations.Nullable Attribute attribute) throws NamingException {
        List<String> values = new ArrayList<>();
        if (attribute != null) {
            NamingEnumeration<?> all = attribute.getAll();
            while (all.hasMore()) {
                if (all.next() instanceof String text) {
                    values.add(text);
                }
            }
        }
        return values;
    }

    @Override
    public void close() {
        try {
            context.close();
        } catch (NamingException e) {
            // It is gone, which was wanted.
        }
    }
}
