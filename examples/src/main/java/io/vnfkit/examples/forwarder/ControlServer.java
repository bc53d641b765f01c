package io.vnfkit.examples.forwarder;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Answers the lines of managers on a Unix domain socket, one manager after the other. The answer to a request is any
 * number of lines and then {@code ok}, or one line that begins with {@code error}.
 *
 * <p>{@link #close} may be called by any thread and ends {@link #serve}.
 */
final class ControlServer implements AutoCloseable {

    static final String OK = "ok";
    static final String ERROR = "error ";

    private final Path socket;
    private final ServerSocketChannel server;
    private final Function<ControlRequest, List<String>> answers;
    private volatile SocketChannel current;

    /** Listens at a path that an earlier server may have left. */
    ControlServer(Path socket, Function<ControlRequest, List<String>> answers) throws IOException {
        this.socket = socket;
        this.answers = answers;
        Files.deleteIfExists(socket);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    /** Returns when the server is closed. */
    void serve() throws IOException {
        while (server.isOpen()) {
            try (SocketChannel manager = server.accept()) {
                current = manager;
                talk(manager);
            } catch (ClosedChannelException closed) {
                // By close(), which ends the loop, or in the middle of an answer by close() as well.
                continue;
            } catch (IOException gone) {
                // A manager that dies while it is answered takes nothing with it.
                if (!server.isOpen()) {
                    throw gone;
                }
            }
        }
    }

    private void talk(SocketChannel manager) throws IOException {
        BufferedReader requests = new BufferedReader(Channels.newReader(manager, StandardCharsets.UTF_8));
        BufferedWriter lines = new BufferedWriter(Channels.newWriter(manager, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            for (String answer : answer(line)) {
                lines.write(answer);
                lines.write('\n');
            }
            lines.flush();
        }
    }

    private List<String> answer(String line) {
        try {
            return answers.apply(ControlRequest.parse(line));
        } catch (RuntimeException refused) {
            return List.of(ERROR + String.valueOf(refused.getMessage()).replace('\n', ' '));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        SocketChannel manager = current;
        if (manager != null) {
            manager.close();
        }
        Files.deleteIfExists(socket);
    }
}
