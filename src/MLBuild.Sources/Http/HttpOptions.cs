using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Http;

/// <summary>Everything that decides what is asked of a server, and how patiently. Patience and limits are not in the
/// recipe: they change no byte, and what was fetched need not be fetched again for a longer wait. Every other member
/// is, and so none may hold a secret.</summary>
public sealed record HttpOptions
{
    /// <summary>Absolute, http or https; with its query, without user, password or key.</summary>
    public required string Url { get; init; }

    /// <summary>What is taken from the answer: a file, or rows.</summary>
    public required HttpAnswer Answer { get; init; }

    /// <summary>Who asks. Default nobody. It is sent to the server of <see cref="Url"/> only, wherever that one
    /// redirects to.</summary>
    public HttpAuthentication Authentication { get; init; } = new HttpAuthentication.None();

    /// <summary>More headers, sent to the server of <see cref="Url"/> only. Default none.</summary>
    public IReadOnlyList<HttpHeader> Headers { get; init; } = [];

    /// <summary>The header <c>Accept</c>. Default null: JSON for rows, anything for a file.</summary>
    public string? Accept { get; init; }

    /// <summary>What <see cref="HttpProbe"/> looks at, which the stage has to observe. Default: what the server says of
    /// <see cref="Url"/>.</summary>
    public HttpIdentity Identity { get; init; } = new HttpIdentity.Validators();

    /// <summary>Attempts for one request, the first included. 1 to 20, default 5. Those that brought at least a
    /// megabyte of a file do not count.</summary>
    [NotAnInput]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; doubled before each later one, then shortened by up to half, so that
    /// partitions do not come back all at once. 0 to 1 h, default 1 s.</summary>
    [NotAnInput]
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, also where the server asks for one. FirstDelay to 24 h, default 5 min.</summary>
    [NotAnInput]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the server may be silent: until it answers, and between two pieces of its answer. 1 ms to 1 h,
    /// default 100 s.</summary>
    [NotAnInput]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Most requests a second of one partition. 0.001 to 10,000; default null: as fast as the server answers.
    /// </summary>
    [NotAnInput]
    public double? RequestsPerSecond { get; init; }

    /// <summary>Most bytes of the whole fetch; more are an error. 1 to 10^15, default 100 GB.</summary>
    [NotAnInput]
    public long MaxBytes { get; init; } = 100_000_000_000;

    /// <summary>A PEM file of certificates to trust beside those of the machine. Default null: none.</summary>
    [NotAnInput]
    public string? TrustedCertificates { get; init; }

    /// <summary>Throws unless every member is in its range.</summary>
    /// <exception cref="ArgumentException">The message names every member that is not.</exception>
    public void Validate()
    {
        if (HttpOptionFaults.Of(this) is { Count: > 0 } faults)
            throw new ArgumentException($"Fetching cannot start: {string.Join("; ", faults)}.");
    }
}

/// <summary>A header of a request. It is in the recipe, and so it may not hold a secret.</summary>
public sealed record HttpHeader(string Name, string Value);
