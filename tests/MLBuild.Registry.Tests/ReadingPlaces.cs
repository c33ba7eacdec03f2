using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>What <c>--registry</c> takes, and what is said of it.</summary>
public sealed class ReadingPlaces
{
    private const string Example = "Host=db;Database=models;Username=ml";

    private static readonly string Folder = Path.GetTempPath();

    [Theory]
    [InlineData("registry.db")]
    [InlineData("./Host=db")]
    [InlineData("models/Host=db;Database=models")]
    [InlineData("registry 2=new")]
    [InlineData("=")]
    public void APathIsAFile(string path) =>
        Assert.Equal(
            new RegistryPlace.File(Path.GetFullPath(path, Folder)), RegistryPlace.Parse(path, Folder));

    [Theory]
    [InlineData("Host=db;Database=models", "in PostgreSQL database 'models' on db:5432")]
    [InlineData(" host = db ; db = models ; port = 6432", "in PostgreSQL database 'models' on db:6432")]
    [InlineData("Username=ml;Server=/run/pg;Database=models", "in PostgreSQL database 'models' on /run/pg:5432")]
    [InlineData(
        "Host=db;Database=models;Search Path=team_a", "in schema 'team_a' of PostgreSQL database 'models' on db:5432")]
    [InlineData("Host=a:1,b;Database=models", "in PostgreSQL database 'models' on a:1,b")]
    [InlineData("Host=db;Database=models;Password=x", "in PostgreSQL database 'models' on db:5432")]
    public void WhatBeginsWithAWordAndAnEqualsSignIsAConnectionString(string text, string shown)
    {
        var place = Assert.IsType<RegistryPlace.PostgreSql>(RegistryPlace.Parse(text, Folder));

        Assert.Equal(shown, place.ToString());
        Assert.Equal(text, place.AsArgument());
    }

    [Theory]
    [InlineData("", $"The place of the registry is empty, expected the path of a file or {Example}.")]
    [InlineData(" ", $"The place of the registry is empty, expected the path of a file or {Example}.")]
    [InlineData(
        "postgresql://ml:secret@db/models",
        $"The place of the registry is a URI, expected the path of a file or {Example}.")]
    [InlineData(
        "Password=secret;Port=1",
        "The connection string of the registry names no Host and no Database, "
        + $"expected {Example}. A file of that name is written ./NAME.")]
    [InlineData(
        "registry=new.db",
        "The connection string of the registry names no Host and no Database, "
        + $"expected {Example}. A file of that name is written ./NAME.")]
    [InlineData(
        "Host=db;Username=ml",
        "The connection string of the registry names no Database, "
        + $"expected {Example}. A file of that name is written ./NAME.")]
    [InlineData(
        "Host=db;secret",
        $"The connection string of the registry cannot be read, expected {Example}. "
        + "A value with ';' or quotes in it stands in quotes.")]
    [InlineData(
        "Host=db;Database=models;Search Path=a,b",
        "The Search Path of the registry is 'a,b', expected one schema: "
        + "1 to 63 of a-z, 0-9 and '_', starting with a letter or '_', not with 'pg_'.")]
    [InlineData(
        "Host=db;Database=models;SearchPath=pg_catalog",
        "The Search Path of the registry is 'pg_catalog', expected one schema: "
        + "1 to 63 of a-z, 0-9 and '_', starting with a letter or '_', not with 'pg_'.")]
    public void WhatIsNeitherIsRefused(string text, string message) => Assert.Equal(
        message, Refused(RegistryFault.InvalidPlace, () => RegistryPlace.Parse(text, Folder)).Message);

    [Theory]
    [InlineData("Password=secret")]
    [InlineData("pwd=secret")]
    [InlineData("PSW='secret'")]
    [InlineData("SSL Password=secret")]
    public void APlaceWithAPasswordIsNotShown(string password)
    {
        var place = RegistryPlace.Parse($"Host=db;Database=models;{password}", Folder);

        Assert.Equal(
            "The registry in PostgreSQL database 'models' on db:5432 is given with a password, which recipes, logs "
            + "and the list of processes would show. Leave it out, and set PGPASSWORD or write it to ~/.pgpass.",
            Refused(RegistryFault.InvalidPlace, () => place.DemandNoPassword()).Message);
        Assert.DoesNotContain("secret", $"{place}");
    }

    [Theory]
    [InlineData("registry.db")]
    [InlineData("Host=db;Database=models;Username=ml;Passfile=team.pgpass")]
    public void APlaceWithoutAPasswordIsShown(string text)
    {
        var place = RegistryPlace.Parse(text, Folder);

        Assert.Same(place, place.DemandNoPassword());
    }

    [Fact]
    public void WhatNpgsqlDoesNotKnowIsNamed() => Assert.Equal(
        "The connection string of the registry in PostgreSQL database 'models' on db:no has 'port' and 'usrname', "
        + "of which Npgsql does not know the name or the value. Correct it, or leave it out.",
        OpeningRefused("Host=db;Database=models;Port=no;Usrname=ml"));

    [Fact]
    public void WhatMayBePartOfAPasswordIsNotNamed() => Assert.Equal(
        "The connection string of the registry in PostgreSQL database 'models' on db:5432 has a password, and "
        + "something that Npgsql does not know. A password with ';' in it stands in quotes: Password='…'.",
        OpeningRefused("Host=db;Database=models;Password=se;cret=1"));

    private static string OpeningRefused(string text) => Refused(
        RegistryFault.InvalidPlace, () => RegistryPlace.Parse(text, Folder).Open(TimeProvider.System)).Message;
}
