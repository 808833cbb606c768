import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** Starts the local cloud once for all test classes, and stops it after the last. */
class LocalCloud implements BeforeAllCallback {
    private static final String[] COMMAND = {
        "node_modules/.bin/oss-direct", "local", "--port", "0", "--json", "--quiet"
    };
    private static String info;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.GLOBAL)
                .getOrComputeIfAbsent("oss-direct", key -> start(), CloseableResource.class);
    }

    private static CloseableResource start() {
        try {
            Process process = new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            info = process.inputReader().readLine();
            if (info == null) throw new IOException("the local cloud did not start: its error is above");
            return process::destroy;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns `gateway`, `oss`, `bucket`, … of the line that the local cloud printed. */
    static String get(String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(info);
        if (!matcher.find()) throw new IllegalArgumentException(name);
        return matcher.group(1);
    }
}
