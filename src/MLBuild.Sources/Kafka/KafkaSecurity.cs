namespace MLBuild.Sources.Kafka;

/// <summary>How a connection to Kafka is secured, and who asks: a closed set.</summary>
public abstract record KafkaSecurity
{
    private KafkaSecurity()
    {
    }

    /// <summary>Neither encrypted nor with a user: for a broker on the same machine.</summary>
    public sealed record Plaintext : KafkaSecurity;

    /// <summary>Encrypted, without a user.</summary>
    /// <param name="CaFile">Certificates in PEM of who may sign the brokers'; null for those that the machine
    /// trusts.</param>
    public sealed record Tls(string? CaFile = null) : KafkaSecurity;

    /// <summary>A user with a password.</summary>
    /// <param name="Secret">The name of the secret that has the password: of the stage's WithSecret.</param>
    public sealed record Sasl(KafkaMechanism Mechanism, string User, string Secret) : KafkaSecurity
    {
        /// <summary>Default with certificates that the machine trusts; null for none, and then
        /// <see cref="KafkaMechanism.Plain"/> shows the password to whoever listens.</summary>
        public Tls? Encryption { get; init; } = new();
    }
}

/// <summary>How a user proves to Kafka to be who it is.</summary>
public enum KafkaMechanism
{
    Plain,
    ScramSha256,
    ScramSha512,
}
