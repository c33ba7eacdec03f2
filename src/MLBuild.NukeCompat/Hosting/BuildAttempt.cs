using System.Globalization;
using Nuke.Common.IO;
using Serilog;

namespace MLBuild.NukeCompat;

/// <summary>Remembers in .nuke/temp which targets succeeded, for --continue.</summary>
internal sealed class BuildAttempt
{
    private readonly string _file;
    private readonly HashSet<string> _succeeded = [];

    /// <summary>Starts the record of this run. Only what ran with --continue is continued by --continue.</summary>
    public BuildAttempt(AbsolutePath temporaryDirectory, CommandLine commandLine, bool continues)
    {
        _file = temporaryDirectory / "build-attempt.log";
        var invocation = Fingerprint(commandLine.Tokens);
        if (continues && File.Exists(_file))
        {
            var lines = File.ReadAllLines(_file);
            if (lines.FirstOrDefault() == invocation)
                _succeeded.UnionWith(lines.Skip(1));
            else
                Log.Warning("Build invocation changed. Restarting ...");
        }
        Keep(() => File.WriteAllLines(_file, [invocation, .. _succeeded]));
    }

    public bool HasSucceeded(string target) => _succeeded.Contains(target);

    public void AddSucceeded(string target) => Keep(() => File.AppendAllLines(_file, [target]));

    private static void Keep(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // Another build in this root writes it at the same time: what is lost is only what --continue would skip.
        }
    }

    // Of targets and values, not of switches, as in NUKE. Not the text itself: it may hold a secret. FNV-1a serves to
    // notice a change; a cryptographic hash would load OpenSSL for it.
    private static string Fingerprint(IEnumerable<string> tokens)
    {
        var hash = 14695981039346656037UL;
        var counted = tokens.Where(token =>
            !token.StartsWith('-') || new Switch(token, [], []).Names(Parameter.Continue.Name));
        foreach (var character in string.Join('\n', counted))
            hash = (hash ^ character) * 1099511628211UL;
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
