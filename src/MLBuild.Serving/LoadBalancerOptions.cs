namespace MLBuild.Serving;

/// <summary>Which servers a load balancer asks, where it listens, and how much it takes at once.</summary>
public sealed record LoadBalancerOptions
{
    private static readonly string[] Names = ["--servers", "--urls", "--api-keys"];

    /// <summary>Where the servers listen: one or more, as <c>http://10.0.0.5:8090</c>. From the command line:
    /// <c>--servers URL;URL</c>.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Where to listen. Default <c>http://127.0.0.1:8090</c>: this machine only. Port 0 takes a free
    /// one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8090"];

    /// <summary>The limits of the servers, which are the balancer's too, as far as it needs any: it counts no rows,
    /// and keeps nobody waiting.</summary>
    public ServingLimits Limits { get; init; } = new();

    /// <summary>The file of who may ask for more than predictions, the same as the servers': see
    /// <see cref="Serving.ApiKeys"/>. Needed where other machines reach the balancer, also before servers that have
    /// none because only their own machine reaches them. Default null. From the command line: <c>--api-keys FILE</c>.
    /// </summary>
    public string? ApiKeys { get; init; }

    /// <summary>Reads <c>--servers URL;URL --urls URL;URL --api-keys FILE</c>, of which the first is needed.</summary>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="ServingException">The message names every fault of the command line.</exception>
    public static LoadBalancerOptions Parse(IReadOnlyList<string> args, string folder)
    {
        var faults = new List<string>();
        var given = CommandLine.Read(args, Names, faults);
        var options = new LoadBalancerOptions
        {
            // A slash at the end means the same server.
            Servers = [.. CommandLine.Split(given.GetValueOrDefault("--servers", "")).Select(url => url.TrimEnd('/'))],
            ApiKeys = given.TryGetValue("--api-keys", out var keys) ? Path.GetFullPath(keys, folder) : null,
        };
        if (given.TryGetValue("--urls", out var urls))
            options = options with { Urls = CommandLine.Split(urls) };
        options.Refuse(faults);
        return options;
    }

    /// <summary>Throws unless every member is in its range.</summary>
    /// <exception cref="ServingException">The message names every member that is not.</exception>
    public void Validate() => Refuse([]);

    private void Refuse(List<string> faults)
    {
        const string example = "http://10.0.0.5:8090";
        if (Servers.Count == 0)
            faults.Add($"--servers names none, expected something like {example};http://10.0.0.6:8090");
        foreach (var server in Servers.Where(server => !IsServer(server)))
            faults.Add($"--servers has '{server}', expected something like {example}; several are separated by ';'");
        foreach (var twice in Servers.CountBy(server => server).Where(server => server.Value > 1))
            faults.Add($"--servers has '{twice.Key}' twice");
        foreach (var itself in Servers.Intersect(Urls.Select(url => url.TrimEnd('/'))))
            faults.Add($"--servers has '{itself}', where the load balancer is to listen. Choose another place: --urls");
        faults.AddRange(HttpHost.UrlFaults(Urls));
        faults.AddRange(Limits.Faults());
        if (faults.Count > 0)
            throw new ServingException($"The load balancer cannot start: {string.Join("; ", faults)}.");
    }

    /// <summary>How long a server may say nothing. It gives up before, and says why.</summary>
    internal TimeSpan AnswerTimeout => 1.5 * Limits.RequestTimeout;

    private static bool IsServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
        && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
}
