using System.Globalization;

namespace MLBuild.Sources.Kafka;

/// <summary>Where a Kafka cluster is, how to reach it, and who asks. Passwords are not in it: it has the names of
/// secrets.</summary>
/// <param name="BootstrapServers">One or more <c>host:port</c>, separated by commas; the cluster names the others.
/// </param>
public sealed record KafkaServer(string BootstrapServers)
{
    /// <summary>How the connection is secured and who asks. Default <see cref="KafkaSecurity.Plaintext"/>.</summary>
    public KafkaSecurity Security { get; init; } = new KafkaSecurity.Plaintext();

    /// <summary>How long the cluster may take to answer, and to send a next event. Seconds, 1 to 300; default
    /// 30.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The largest batch of events that the cluster may send: what its topic calls <c>max.message.bytes</c>.
    /// Bytes, 1,000,000 to 1,000,000,000; default 16,000,000.</summary>
    public int MaxMessageBytes { get; init; } = 16_000_000;

    /// <summary>The secret that has the password; null where none is needed.</summary>
    public string? Secret => (Security as KafkaSecurity.Sasl)?.Secret;

    /// <exception cref="ArgumentException">The message names every member that is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        foreach (var server in BootstrapServers.Split(','))
        {
            if (!IsHostAndPort(server.Trim()))
                faults.Add($"BootstrapServers has '{server.Trim()}', expected host:port");
        }
        if (TimeoutSeconds is < 1 or > 300)
            faults.Add(FormattableString.Invariant($"TimeoutSeconds is {TimeoutSeconds}, expected 1 to 300"));
        if (MaxMessageBytes is < 1_000_000 or > 1_000_000_000)
            faults.Add(FormattableString.Invariant(
                $"MaxMessageBytes is {MaxMessageBytes}, expected 1000000 to 1000000000"));
        if (Security is KafkaSecurity.Sasl { User.Length: 0 })
            faults.Add("Security.User is empty, expected the name of a user");
        if (Security is KafkaSecurity.Sasl { Secret.Length: 0 })
            faults.Add("Security.Secret is empty, expected the name of a secret");
        if (faults.Count > 0)
            throw new ArgumentException($"No Kafka cluster can be reached: {string.Join("; ", faults)}.");
    }

    private static bool IsHostAndPort(string server) => server.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port > 0;
}
