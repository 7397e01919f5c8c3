package dev.anneal.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Connections whose handlers know their {@link Client}, and which end if it is too slow: of its own
 * accord, Helidon waits for the rest of a request for ever. It looks around among its connections
 * now and then, and closes those that say that they are idle.
 *
 * @param http makes them
 * @param patience what a client may take to send a request
 */
record ClientConnections(ServerConnectionSelector http, Patience patience)
    implements ServerConnectionSelector {

  private static final Duration FOREVER = Duration.ofDays(1);

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    var client = new Client(context.dataReader(), patience);
    var reader = new DataReader(client::read);
    return new Connection(http.connection(new Context(context, reader)), client);
  }

  /** A connection, and who is at its other end. */
  private record Connection(ServerConnection http, Client client) implements ServerConnection {

    @Override
    public void handle(Limit limit) throws InterruptedException {
      ScopedValue.where(Client.CURRENT, client)
          .call(
              () -> {
                http.handle(limit);
                return limit;
              });
    }

    @Override
    public Duration idleTime() {
      return client.isTooSlow() ? FOREVER : http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt || client.isTooSlow());
    }
  }

  /** What a connection works with, its bytes by way of the client. */
  private record Context(ConnectionContext given, DataReader dataReader)
      implements ConnectionContext {

    @Override
    public ListenerContext listenerContext() {
      return given.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return given.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return given.dataWriter();
    }

    @Override
    public Router router() {
      return given.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return given.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return given.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return given.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return given.localPeer();
    }

    @Override
    public boolean isSecure() {
      return given.isSecure();
    }

    @Override
    public String socketId() {
      return given.socketId();
    }

    @Override
    public String childSocketId() {
      return given.childSocketId();
    }
  }
}
