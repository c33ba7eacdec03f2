using Confluent.Kafka;

namespace MLBuild.Sources.Kafka;

/// <summary>The settings that every Kafka client of ours has.</summary>
internal static class KafkaClients
{
    public static ClientConfig Settings(KafkaServer server, string? password)
    {
        var timeout = server.TimeoutSeconds * 1_000;
        var settings = new ClientConfig
        {
            BootstrapServers = server.BootstrapServers,
            ClientId = "mlbuild",
            SocketTimeoutMs = timeout,
            SocketConnectionSetupTimeoutMs = timeout,
            ReconnectBackoffMaxMs = 1_000,
            // A batch may be larger than what is asked for at once; what surrounds it is small.
            ReceiveMessageMaxBytes = server.MaxMessageBytes + 64 * 1024,
            AllowAutoCreateTopics = false,
            EnableMetricsPush = false,
            // How long ending a client may take.
            CancellationDelayMaxMs = 10,
        };
        switch (server.Security)
        {
            case KafkaSecurity.Plaintext:
                settings.SecurityProtocol = SecurityProtocol.Plaintext;
                break;
            case KafkaSecurity.Tls tls:
                settings.SecurityProtocol = SecurityProtocol.Ssl;
                settings.SslCaLocation = Present(tls.CaFile);
                break;
            case KafkaSecurity.Sasl sasl:
                settings.SecurityProtocol = sasl.Encryption is null
                    ? SecurityProtocol.SaslPlaintext
                    : SecurityProtocol.SaslSsl;
                settings.SslCaLocation = Present(sasl.Encryption?.CaFile);
                settings.SaslMechanism = sasl.Mechanism switch
                {
                    KafkaMechanism.Plain => SaslMechanism.Plain,
                    KafkaMechanism.ScramSha256 => SaslMechanism.ScramSha256,
                    KafkaMechanism.ScramSha512 => SaslMechanism.ScramSha512,
                    var other => throw new InvalidOperationException($"BUG: unknown mechanism {other}."),
                };
                settings.SaslUsername = sasl.User;
                settings.SaslPassword = password is { Length: > 0 } ? password : throw new DeniedSourceException(
                    $"User '{sasl.User}' of Kafka at {server.BootstrapServers} needs a password, but the secret " +
                    $"'{sasl.Secret}' has no value. Set what the build takes it from.");
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown security {server.Security}.");
        }
        return settings;
    }

    private static string? Present(string? file) => file is null || File.Exists(file)
        ? file
        : throw new ArgumentException($"CaFile is '{file}', expected a file with certificates in PEM.");

    public static IsolationLevel Level(KafkaIsolation isolation) => isolation switch
    {
        KafkaIsolation.ReadCommitted => IsolationLevel.ReadCommitted,
        KafkaIsolation.ReadUncommitted => IsolationLevel.ReadUncommitted,
        _ => throw new InvalidOperationException($"BUG: unknown isolation {isolation}."),
    };
}
