package io.millrace.gate.limit;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may open sockets (SEC-3). A request without {@code Origin} is no browser's and passes; a page's own host always
 * passes; others must be listed, or {@code *}. Pure.
 */
final class OriginRule {
    private final Set<String> allowed;

    OriginRule(List<String> allowed) {
        this.allowed = allowed.stream().map(OriginRule::normal).collect(Collectors.toUnmodifiableSet());
    }

    boolean allows(String origin, String host) {
        return origin == null || allowed.contains("*") || allowed.contains(normal(origin)) || isOwn(origin, host);
    }

    private static boolean isOwn(String origin, String host) {
        int authority = origin.indexOf("://");
        return host != null && authority > 0 && withoutDefaultPort(origin.substring(authority + 3)).equalsIgnoreCase(withoutDefaultPort(host));
    }

    private static String withoutDefaultPort(String authority) {
        return authority.endsWith(":443") || authority.endsWith(":80") ? authority.substring(0, authority.lastIndexOf(':')) : authority;
    }

    private static String normal(String origin) {
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
