package io.millrace.standalone.serve;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code /docs} leads to {@code /docs/}, whose pages and documents are static files (TOP-2). */
@Singleton
class DocumentsRoute {
    void open(@Observes Router router) {
        router.get("/docs").order(-1).handler(request -> {
            if (request.normalizedPath().equals("/docs")) {
                request.response().setStatusCode(301).putHeader("Location", "/docs/").end();
            } else {
                request.next();
            }
        });
    }
}
