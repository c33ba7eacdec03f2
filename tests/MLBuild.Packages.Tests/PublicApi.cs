using System.Reflection;

namespace MLBuild.Packages.Tests;

/// <summary>What others compile against changes only when somebody means it: the public members of each packed library
/// stand in a file of their own.</summary>
public sealed class PublicApi
{
    private const string Accept = "MLBUILD_ACCEPT_API";

    [Theory]
    [MemberData(nameof(Packing.Libraries), MemberType = typeof(Packing))]
    public void IsAsItsFileSays(string library)
    {
        var path = Path.Combine(
            PackedFolder.Repository, "tests", "MLBuild.Packages.Tests", "Api", $"{library}.txt");
        var now = ApiText.Of(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable(Accept) is { Length: > 0 })
            File.WriteAllLines(path, now);
        var said = ApiText.Flat(File.Exists(path) ? File.ReadAllLines(path) : []).ToArray();
        var found = ApiText.Flat(now).ToArray();
        string[] changes =
        [
            .. said.Except(found).Select(line => $"- {line}"),
            .. found.Except(said).Select(line => $"+ {line}"),
        ];
        Assert.True(changes.Length == 0, $"""
            The public API of {library} is not as Api/{library}.txt says. What is gone or changed breaks whoever uses it.
            {string.Join('\n', changes.Take(40))}
            If it is meant: {Accept}=1 dotnet test tests/MLBuild.Packages.Tests --filter PublicApi
            writes the file; commit it with the change.
            """);
    }
}
