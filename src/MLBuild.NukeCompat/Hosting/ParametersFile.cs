using System.Text.Json;
using Nuke.Common.IO;

namespace MLBuild.NukeCompat;

/// <summary>The values in .nuke/parameters.json and in the files of the chosen profiles.</summary>
internal sealed class ParametersFile
{
    private readonly List<Source> _files = [];
    private readonly string _rootDirectory;

    private ParametersFile(string rootDirectory) => _rootDirectory = rootDirectory;

    public static ParametersFile Empty { get; } = new("");

    /// <summary>What a file says: null values for a JSON null; a path in them starts at the root directory.</summary>
    public sealed record Entry(string File, string RootDirectory, IReadOnlyList<string>? Values);

    /// <exception cref="BuildRefused">A profile has no file, or a file is not a JSON object.</exception>
    public static ParametersFile Load(AbsolutePath rootDirectory, IReadOnlyList<string> profiles)
    {
        var values = new ParametersFile(rootDirectory);
        foreach (var profile in profiles.Reverse())
            values.Add($".nuke/parameters.{profile}.json", $"--profile {profile} needs it");
        if (File.Exists(rootDirectory / ".nuke" / "parameters.json"))
            values.Add(".nuke/parameters.json", "");
        return values;
    }

    /// <summary>The entry of that exact name; of several profiles the last one given decides.</summary>
    public Entry? Find(string name) =>
        _files.Select(file => file.Find(name, _rootDirectory)).FirstOrDefault(entry => entry != null);

    /// <summary>A misspelled name would leave its parameter at the default, unseen.</summary>
    public IEnumerable<string> UnknownNames(IReadOnlyList<Parameter> known) =>
        from file in _files
        from name in file.Names
        where name != "$schema" && known.All(parameter => parameter.Name != name)
        select $"'{name}' in {file.Name} is no parameter of this build."
            + Spelling.Suggest(name, [.. known.Select(parameter => parameter.Name)]);

    private void Add(string name, string need)
    {
        var path = Path.Combine(_rootDirectory, name);
        if (!File.Exists(path))
            throw new BuildRefused($"{name} does not exist: {need}.");
        var text = File.ReadAllText(path);
        // Most files hold only the reference that editors read; parsing that would cost more than the rest.
        if (string.Concat(text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
            is "" or "{}" or """{"$schema":"./build.schema.json"}""")
            return;
        try
        {
            var root = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true
            }).RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new BuildRefused($"{name} holds a JSON {root.ValueKind}, expected an object of parameters.");
            _files.Add(new Source(name, root));
        }
        catch (JsonException exception)
        {
            throw new BuildRefused($"{name} is no JSON: {exception.Message}");
        }
    }

    // A type of its own, so that the JSON library is loaded only when a file has values.
    private sealed record Source(string Name, JsonElement Root)
    {
        public IEnumerable<string> Names => Root.EnumerateObject().Select(property => property.Name);

        public Entry? Find(string parameter, string rootDirectory) =>
            Root.TryGetProperty(parameter, out var value) ? new(Name, rootDirectory, Texts(value)) : null;

        private static IReadOnlyList<string>? Texts(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Array => [.. value.EnumerateArray().Select(Text)],
            _ => [Text(value)]
        };

        private static string Text(JsonElement value) =>
            value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
